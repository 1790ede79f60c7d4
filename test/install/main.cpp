// A program that sees swarmlog only as an installed package.
#include <swarmlog/swarmlog.hpp>

int main() { return 0; }
