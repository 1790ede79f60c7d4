// The unit that the shared precompiled header is compiled with; the header is its content.

int main() {}
