#pragma once

#include "support/outcome.hpp"

#include <swarmlog/engine/error.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

namespace swarmlog::test {

template <class T>
[[nodiscard]] std::string message_of(result<T> const& got) {
    return got ? "success" : got.error().message();
}

/// True when it failed with this code; reports another outcome.
template <class T>
[[nodiscard]] bool fails_with(result<T> const& got, errc code) {
    if (!got && got.error() == code) { return true; }
    BOOST_TEST_MESSAGE("instead: " << message_of(got));
    return false;
}

} // namespace swarmlog::test
