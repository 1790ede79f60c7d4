#pragma once

/// SWARMLOG_EXPORT marks what a program may call in the shared library: a function that the
/// library defines, or a class with such members. All else is hidden there, and SWARMLOG_HIDDEN
/// keeps a class inside a marked one so. Templates and inline functions, which a program compiles
/// itself, go unmarked; what they call of `swarmlog::detail` is marked.
#if defined(__GNUC__)
#define SWARMLOG_EXPORT __attribute__((visibility("default")))
#define SWARMLOG_HIDDEN __attribute__((visibility("hidden")))
#else
#define SWARMLOG_EXPORT
#define SWARMLOG_HIDDEN
#endif
