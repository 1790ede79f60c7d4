# Warnings, sanitizers and the compiler cache. Warnings are given to our own targets only,
# and never exported: a program that embeds swarmlog keeps its own.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    # The cache has to be told how to key what a precompiled header brings.
    set(cached ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${cached} ${CCACHE_PROGRAM})
    # The header itself keeps sums of the files it was made from, comments included: with other
    # comments GCC takes none of them for included. So it is looked up by those files, and not,
    # as all else, by what the preprocessor leaves of them.
    set(SWARMLOG_PRECOMPILE_LAUNCHER ${cached} CCACHE_DEPEND=1 CCACHE_NAMESPACE=precompiled
        ${CCACHE_PROGRAM})
endif()

if(SWARMLOG_SANITIZE)
    list(JOIN SWARMLOG_SANITIZE "," sanitizers)
    # The whole tree and every link must agree on the sanitizer, so this is directory-wide.
    add_compile_options(-fsanitize=${sanitizers} -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND "undefined" IN_LIST SWARMLOG_SANITIZE)
        # Clang 14 cannot assemble a coroutine with this check ("Cannot represent a difference
        # across sections").
        add_compile_options(-fno-sanitize=function)
    endif()
    add_link_options(-fsanitize=${sanitizers})
endif()

if(SWARMLOG_COVERAGE)
    if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "SWARMLOG_COVERAGE needs Clang")
    endif()
    add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
    add_link_options(-fprofile-instr-generate)
endif()

function(swarmlog_warnings target)
    set(warnings
        -Wall -Wextra -Wpedantic
        -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
        -Wcast-align -Wcast-qual -Wformat=2 -Wundef -Wunused
        -Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi
        -Wimplicit-fallthrough)
    if(SWARMLOG_WARNINGS_AS_ERRORS)
        list(APPEND warnings -Werror)
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        list(APPEND warnings -Wduplicated-cond -Wlogical-op -Wsuggest-override)
        # The verdicts of these depend on what the optimizer happened to inline, so they
        # inform but do not break a build. GCC 12 reports -Wrestrict for plain string
        # concatenation (GCC bug 105651).
        list(APPEND warnings -Wno-restrict)
        foreach(flow IN ITEMS maybe-uninitialized array-bounds stringop-overflow
                stringop-overread dangling-pointer free-nonheap-object)
            list(APPEND warnings -Wno-error=${flow})
        endforeach()
        if(SWARMLOG_SANITIZE)
            # Instrumentation hides initialisation from this analysis.
            list(APPEND warnings -Wno-maybe-uninitialized)
        endif()
        if("thread" IN_LIST SWARMLOG_SANITIZE)
            # The queue uses fences, which the thread sanitizer does not model; what that
            # hides is listed in cmake/tsan-suppressions.txt.
            list(APPEND warnings -Wno-tsan)
        endif()
    elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        # C++20 allows an empty variadic macro argument; Clang 14 still calls it an extension.
        list(APPEND warnings -Wno-gnu-zero-variadic-macro-arguments)
    endif()
    target_compile_options(${target} PRIVATE ${warnings})
endfunction()
