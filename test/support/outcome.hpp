#pragma once

#include <swarmlog/engine/error.hpp>

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace swarmlog::test {

/// The value, or a failed test with the error's message. From the test's own thread only.
template <class T>
T must(result<T> got) {
    BOOST_REQUIRE_MESSAGE(got.has_value(),
                          (got ? std::string{} : "failed: " + got.error().message()));
    return std::move(*got);
}
inline void must(result<void> const& done) {
    BOOST_REQUIRE_MESSAGE(done.has_value(),
                          (done ? std::string{} : "failed: " + done.error().message()));
}

/// Whether it failed with this code and a message that has all the `parts`; says what else came.
[[nodiscard]] inline boost::test_tools::predicate_result
failed_with(error const& failure, errc code, std::initializer_list<std::string_view> parts = {}) {
    boost::test_tools::predicate_result verdict{failure == code};
    for (std::string_view const part : parts) {
        if (failure.message().find(part) == std::string::npos) { verdict = false; }
    }
    if (!verdict) {
        verdict.message() << "instead of \"" << error{code}.message() << '"';
        for (std::string_view const part : parts) { verdict.message() << " + \"" << part << '"'; }
        verdict.message() << " it answered " << failure.code().value() << ": " << failure.message();
    }
    return verdict;
}
template <class T>
[[nodiscard]] boost::test_tools::predicate_result
failed_with(result<T> const& got, errc code, std::initializer_list<std::string_view> parts = {}) {
    if (got) {
        boost::test_tools::predicate_result verdict{false};
        verdict.message() << "instead of \"" << error{code}.message() << "\" it succeeded";
        return verdict;
    }
    return failed_with(got.error(), code, parts);
}

} // namespace swarmlog::test
