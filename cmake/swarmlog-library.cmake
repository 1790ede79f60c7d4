# The library as programs link it: swarmlog::swarmlog.
#
# In the build it is the three components, or the shared library with BUILD_SHARED_LIBS. What is
# installed is one library in either form, or both: libswarmlog.a and libswarmlog.so, of the same
# objects (docs/decisions/0011-one-library.md).

get_property(public_libraries GLOBAL PROPERTY swarmlog_public_libraries)
get_property(private_libraries GLOBAL PROPERTY swarmlog_private_libraries)
list(FILTER public_libraries EXCLUDE REGEX "^swarmlog_")
list(REMOVE_DUPLICATES public_libraries)
list(REMOVE_DUPLICATES private_libraries)
# A header, and compiled into the objects.
list(REMOVE_ITEM private_libraries swarmlog::concurrentqueue)

add_library(swarmlog INTERFACE)
target_include_directories(swarmlog INTERFACE ${PROJECT_SOURCE_DIR}/include)
target_link_libraries(swarmlog INTERFACE
    swarmlog_engine swarmlog_projections swarmlog_backends)

# swarmlog_form(<static|shared>): the target swarmlog_<form>, of all components' objects.
function(swarmlog_form form)
    string(TOUPPER ${form} kind)
    set(target swarmlog_${form})
    add_library(${target} ${kind}
        $<TARGET_OBJECTS:swarmlog_engine>
        $<TARGET_OBJECTS:swarmlog_projections>
        $<TARGET_OBJECTS:swarmlog_backends>)
    foreach(folder IN ITEMS . engine projections backends)
        target_include_directories(${target} INTERFACE
            $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/${folder}/include>)
    endforeach()
    target_include_directories(${target} INTERFACE
        $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    target_compile_features(${target} PUBLIC cxx_std_20)
    target_link_libraries(${target} PUBLIC ${public_libraries} PRIVATE ${private_libraries})
    set_target_properties(${target} PROPERTIES
        OUTPUT_NAME swarmlog EXPORT_NAME ${form} LINKER_LANGUAGE CXX)
    set(swarmlog_forms ${swarmlog_forms} ${form} PARENT_SCOPE)
endfunction()

# While the major version is 0, each minor one may change the interface.
set(interface_version ${PROJECT_VERSION_MAJOR})
if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(interface_version 0.${PROJECT_VERSION_MINOR})
endif()

set(swarmlog_forms "")
if(BUILD_SHARED_LIBS)
    set(swarmlog_default_form shared)
else()
    set(swarmlog_default_form static)
endif()
if(SWARMLOG_INSTALL AND (SWARMLOG_BOTH_LIBRARIES OR NOT BUILD_SHARED_LIBS))
    swarmlog_form(static)
endif()
# A sanitizer's own library has to come first in a program, so a shared one is not worth it.
if(BUILD_SHARED_LIBS OR (SWARMLOG_BOTH_LIBRARIES AND NOT SWARMLOG_SANITIZE))
    swarmlog_form(shared)
    set_target_properties(swarmlog_shared PROPERTIES
        VERSION ${PROJECT_VERSION} SOVERSION ${interface_version})

    # The templates of the standard library are visible by themselves: the list leaves them out.
    set(exports ${CMAKE_CURRENT_LIST_DIR}/swarmlog.exports)
    target_link_options(swarmlog_shared PRIVATE
        LINKER:--version-script=${exports} LINKER:--no-undefined)
    set_target_properties(swarmlog_shared PROPERTIES LINK_DEPENDS ${exports})
endif()

if(BUILD_SHARED_LIBS)
    add_library(swarmlog::swarmlog ALIAS swarmlog_shared)
else()
    add_library(swarmlog::swarmlog ALIAS swarmlog)
endif()
