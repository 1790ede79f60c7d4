# swarmlog_component(<name> [PUBLIC lib...] [PRIVATE lib...])
#
# Makes the library swarmlog_<name> (alias swarmlog::<name>) of the current folder:
# public headers from include/, sources and private headers from src/. New files are
# picked up by the next build. A component without sources is a header-only one.
function(swarmlog_component name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "PUBLIC;PRIVATE")
    set(target swarmlog_${name})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/src/*.cpp)

    if(sources)
        add_library(${target} STATIC ${sources})
        set(scope PUBLIC)
        target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
        target_link_libraries(${target} PRIVATE ${arg_PRIVATE})
        # In a shared library, a program sees what is marked with SWARMLOG_EXPORT.
        set_target_properties(${target} PROPERTIES
            CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
        set_property(GLOBAL APPEND PROPERTY swarmlog_public_libraries ${arg_PUBLIC})
        set_property(GLOBAL APPEND PROPERTY swarmlog_private_libraries ${arg_PRIVATE})
        swarmlog_warnings(${target})
        swarmlog_by_folder(${target} ${sources})
    else()
        add_library(${target} INTERFACE)
        set(scope INTERFACE)
    endif()
    add_library(swarmlog::${name} ALIAS ${target})

    target_compile_features(${target} ${scope} cxx_std_20)
    target_link_libraries(${target} ${scope} ${arg_PUBLIC})
    target_include_directories(${target} ${scope}
        ${CMAKE_CURRENT_SOURCE_DIR}/include)
endfunction()

# swarmlog_by_folder(<target> <source>...)
#
# With SWARMLOG_BY_FOLDER, compiles each folder's sources as one: what they include is then read
# once, which is most of the time when all is compiled, and none of it when one file changes.
# So names are unique within a folder, in unnamed namespaces too.
function(swarmlog_by_folder target)
    if(NOT SWARMLOG_BY_FOLDER)
        return()
    endif()
    foreach(source IN LISTS ARGN)
        cmake_path(GET source PARENT_PATH folder)
        string(MD5 group ${folder})
        set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
    endforeach()
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    # GCC takes an included source for a header, where a type of an unnamed namespace in a class
    # with external linkage would be a mistake.
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
    endif()
endfunction()
