#include <swarmlog/engine/detail/json_writer.hpp>

#include "json/text_view.hpp"

#include "json/plain_text.hpp"
#include "json/utf8.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <charconv>
#include <cmath>

namespace swarmlog::detail {

namespace {

template <class Integer>
void append_integer(std::string& out, Integer number) {
    char digits[20]; // the longest are -2^63 and 2^64 - 1
    char* const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, static_cast<std::size_t>(end - digits));
}

template <class Float>
bool append_finite(std::string& out, Float number, codec_failure& failure) {
    if (!std::isfinite(number)) {
        return failure.set(errc::non_finite_number,
                           std::isnan(number) ? "is not a number" : "is infinite");
    }
    char digits[32]; // the longest double takes 24
    char* const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, static_cast<std::size_t>(end - digits));
    if (number == 0 && std::signbit(number)) {
        // "-0" reads back as an integer, which has no negative zero.
        out += ".0";
    }
    return true;
}

/// Appends the escape of a quote, a backslash or a control character.
void append_escape(std::string& out, char byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += '\\';
    switch (byte) {
    case '"':
    case '\\': out += byte; return;
    case '\b': out += 'b'; return;
    case '\f': out += 'f'; return;
    case '\n': out += 'n'; return;
    case '\r': out += 'r'; return;
    case '\t': out += 't'; return;
    default:
        out += "u00";
        out += digits[static_cast<unsigned char>(byte) >> 4];
        out += digits[static_cast<unsigned char>(byte) & 0xF];
    }
}

bool append_string(std::string& out, std::string_view text, codec_failure& failure) {
    char const* const end = text.data() + text.size();
    char const* at = text.data();
    out += '"';
    for (;;) {
        char const* const special = skip_plain(at, end);
        out.append(at, static_cast<std::size_t>(special - at));
        at = special;
        if (at == end) { break; }
        if (static_cast<unsigned char>(*at) < 0x80) {
            append_escape(out, *at++);
            continue;
        }
        std::size_t const size = utf8_sequence_size(at, end);
        if (size == 0) {
            return failure.set(errc::invalid_utf8, "is not valid UTF-8 at its byte " +
                                                       std::to_string(at - text.data()));
        }
        out.append(at, size);
        at += size;
    }
    out += '"';
    return true;
}

bool put_array(json_writer& writer, boost::json::array const& array) {
    std::size_t begin = 0;
    if (!writer.open(begin)) { return false; }
    for (std::size_t i = 0; i != array.size(); ++i) {
        writer.put_comma();
        if (!writer.put_document(array[i])) { return writer.failure().inside_element(i); }
    }
    writer.close(begin, '[', ']');
    return true;
}

bool put_object(json_writer& writer, boost::json::object const& object) {
    std::size_t begin = 0;
    if (!writer.open(begin)) { return false; }
    std::size_t index = 0;
    for (auto const& member : object) {
        if (!writer.put_key(view_of(member.key())) || !writer.put_document(member.value())) {
            return writer.failure().inside_element(index);
        }
        ++index;
    }
    writer.close(begin, '{', '}');
    return true;
}

} // namespace

void json_writer::put_bool(bool flag) { out_ += flag ? "true" : "false"; }

void json_writer::put_null() { out_ += "null"; }

void json_writer::put_signed(std::int64_t number) { append_integer(out_, number); }

void json_writer::put_unsigned(std::uint64_t number) { append_integer(out_, number); }

bool json_writer::put_float(float number) {
    // Reading rounds twice, to a double and then to a float. All floats were tried: this one,
    // whose shortest text is 7.038531e-26, is the only one that comes back as its neighbour.
    constexpr float misread_if_shortest = 0x1.5C87FAp-84F;
    if (std::abs(number) == misread_if_shortest) { return put_double(number); }
    return append_finite(out_, number, failure_);
}

bool json_writer::put_double(double number) { return append_finite(out_, number, failure_); }

bool json_writer::put_string(std::string_view text) { return append_string(out_, text, failure_); }

bool json_writer::put_key(std::string_view key) {
    out_ += ',';
    if (!append_string(out_, key, failure_)) { return false; }
    out_ += ':';
    return true;
}

void json_writer::put_timestamp(timestamp time) {
    out_ += '"';
    out_ += to_string(time);
    out_ += '"';
}

void json_writer::put_event_id(event_id const& id) {
    out_ += '"';
    out_ += to_string(id);
    out_ += '"';
}

bool json_writer::put_document(boost::json::value const& value) {
    switch (value.kind()) {
    case boost::json::kind::null: put_null(); return true;
    case boost::json::kind::bool_: put_bool(value.get_bool()); return true;
    case boost::json::kind::int64: put_signed(value.get_int64()); return true;
    case boost::json::kind::uint64: put_unsigned(value.get_uint64()); return true;
    case boost::json::kind::double_: return put_double(value.get_double());
    case boost::json::kind::string: return put_string(view_of(value.get_string()));
    case boost::json::kind::array: return put_array(*this, value.get_array());
    case boost::json::kind::object: return put_object(*this, value.get_object());
    }
    return true;
}

bool json_writer::fail_unnamed_enumerator(std::int64_t number) {
    return failure_.set(errc::invalid_argument,
                        "holds " + std::to_string(number) + ", which its enum has no name for");
}

bool json_writer::fail_too_deep() {
    return failure_.set(errc::json_too_deep, "is nested more deeply than the limit");
}

} // namespace swarmlog::detail
