#include "digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

struct digest::state {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
};

digest::digest() : state_(std::make_unique<state>()) {
    if (EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("SHA-256 is not there");
    }
}

digest::~digest() { EVP_MD_CTX_free(state_->context); }

void digest::add(std::string_view bytes) {
    EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

std::string digest::hex() {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(state_->context, bytes.data(), &size);
    std::string text;
    for (unsigned int at = 0; at != size; ++at) {
        text += digits[bytes.at(at) >> 4U];
        text += digits[bytes.at(at) & 15U];
    }
    return text;
}
