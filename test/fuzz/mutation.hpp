#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace swarmlog::test {

/// Makes new inputs out of valid ones: flips, cuts, repeats, splices, and writes the numbers
/// on which parsers stumble.
class mutation {
public:
    mutation(std::uint64_t seed, std::vector<std::string> valid)
        : random_(seed), valid_(std::move(valid)) {}

    [[nodiscard]] std::string next() {
        if (random_() % 16 == 0) { return noise(); }
        std::string bytes = valid_[random_() % valid_.size()];
        for (std::uint64_t changes = 1 + random_() % 4; changes != 0; --changes) { change(bytes); }
        return bytes;
    }

private:
    [[nodiscard]] std::string noise() {
        std::string bytes(random_() % 200, '\0');
        for (char& byte : bytes) { byte = static_cast<char>(random_()); }
        return bytes;
    }
    [[nodiscard]] std::size_t place_in(std::string const& bytes) {
        return random_() % (bytes.size() + 1);
    }
    void change(std::string& bytes) {
        std::size_t const at = place_in(bytes);
        switch (random_() % 8) {
        case 0: // a bit
            if (at < bytes.size()) {
                bytes[at] = static_cast<char>(bytes[at] ^ (1 << random_() % 8));
            }
            break;
        case 1: // a byte
            if (at < bytes.size()) { bytes[at] = static_cast<char>(random_()); }
            break;
        case 2: bytes.resize(at); break;
        case 3: bytes.erase(at, 1 + random_() % 8); break;
        case 4: bytes.insert(at, bytes.substr(place_in(bytes), random_() % 32)); break;
        case 5: { // the rest of another
            std::string const& other = valid_[random_() % valid_.size()];
            bytes.replace(at, std::string::npos, other.substr(place_in(other)));
            break;
        }
        case 6: // the largest varints, and one too long
            bytes.insert(at,
                         std::string(4 + random_() % 8, '\xff') + static_cast<char>(random_() % 3));
            break;
        default: { // a number of four or eight bytes
            std::string const number(random_() % 2 == 0 ? 4 : 8,
                                     random_() % 2 == 0 ? '\xff' : '\x7f');
            if (at + number.size() <= bytes.size()) { bytes.replace(at, number.size(), number); }
        }
        }
    }

    std::mt19937_64 random_;
    std::vector<std::string> valid_;
};

} // namespace swarmlog::test
