# What the libraries link. The build and the installed package read this same file, so
# that both look for the same things; the package says as swarmlog_form which form of the library
# it is for. What is not found is collected in swarmlog_missing.

set(swarmlog_missing "")

# Defines swarmlog::<name> from a header and, when one is named, a library.
function(swarmlog_find_plain name header library)
    find_path(swarmlog_${name}_include ${header} PATH_SUFFIXES ${ARGN})
    mark_as_advanced(swarmlog_${name}_include)
    set(found ${swarmlog_${name}_include})
    if(library)
        find_library(swarmlog_${name}_library ${library})
        mark_as_advanced(swarmlog_${name}_library)
        if(NOT swarmlog_${name}_library)
            set(found "")
        endif()
    endif()
    if(NOT found)
        list(APPEND swarmlog_missing ${name})
        set(swarmlog_missing ${swarmlog_missing} PARENT_SCOPE)
        return()
    endif()
    if(TARGET swarmlog::${name})
        return()
    endif()
    # An imported target's include directories are system ones: its warnings are not ours.
    if(library)
        add_library(swarmlog::${name} UNKNOWN IMPORTED)
        set_target_properties(swarmlog::${name} PROPERTIES
            IMPORTED_LOCATION ${swarmlog_${name}_library})
    else()
        add_library(swarmlog::${name} INTERFACE IMPORTED)
    endif()
    target_include_directories(swarmlog::${name} SYSTEM INTERFACE ${swarmlog_${name}_include})
endfunction()

macro(swarmlog_find_package name)
    find_package(${name} ${ARGN} QUIET)
    if(NOT ${name}_FOUND)
        list(APPEND swarmlog_missing ${name})
    endif()
endmacro()

# What public headers include.
swarmlog_find_package(Boost 1.81 COMPONENTS json)
swarmlog_find_package(Threads)

# What is in the shared library once it is built.
if(NOT swarmlog_form STREQUAL "shared")
    swarmlog_find_package(OpenSSL COMPONENTS Crypto)
    swarmlog_find_plain(lz4 lz4.h lz4)
    swarmlog_find_plain(xxhash xxhash.h xxhash)
    swarmlog_find_package(SQLite3 3.40)
endif()

# Compiled in. It is included as <concurrentqueue.h>: its folder has another name in upstream's own
# installation (concurrentqueue/moodycamel) than in Debian's.
if(NOT swarmlog_form)
    swarmlog_find_plain(concurrentqueue concurrentqueue.h ""
        concurrentqueue concurrentqueue/moodycamel moodycamel)
endif()
