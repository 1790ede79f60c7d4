#pragma once

#include <memory>
#include <string>
#include <string_view>

/// SHA-256, in parts.
class digest {
public:
    digest();
    digest(digest const&) = delete;
    digest& operator=(digest const&) = delete;
    ~digest();

    void add(std::string_view bytes);
    /// Of all that was added, as 64 hexadecimal digits. The last call.
    [[nodiscard]] std::string hex();

private:
    struct state;
    std::unique_ptr<state> state_;
};
