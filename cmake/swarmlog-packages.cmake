# Debian packages of what is installed, by `make package` or cpack in a build that is configured as
# the preset `package` says. Each component of the installation is one:
#
#   library            libswarmlog0.1           the shared library, named for its interface
#   development        libswarmlog-dev          headers, libswarmlog.a, for CMake and pkg-config
#   command            swarmlog                 the command, its page and completions
#   sqlite_extension   libsqlite3-mod-swarmlog  what SQLite's shell loads

if(NOT PROJECT_IS_TOP_LEVEL)
    return()
endif()

set(SWARMLOG_MAINTAINER "swarmlog contributors <swarmlog@localhost>" CACHE STRING
    "Who answers for the packages, as Debian writes it: Name <address>")

set(library_package libswarmlog${interface_version})
set(development_package libswarmlog-dev)
set(command_package swarmlog)
set(sqlite_extension_package libsqlite3-mod-swarmlog)

set(CPACK_COMPONENTS_ALL "")
foreach(part IN ITEMS
        library:swarmlog_shared development:swarmlog_static command:swarmlog_cli
        sqlite_extension:swarmlog_sqlite)
    string(REGEX MATCH "^[a-z_]+" component ${part})
    string(REGEX MATCH "[a-z_]+$" target ${part})
    if(TARGET ${target})
        list(APPEND CPACK_COMPONENTS_ALL ${component})
        install(FILES ${PROJECT_SOURCE_DIR}/LICENSE RENAME copyright
            DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${${component}_package}
            COMPONENT ${component} EXCLUDE_FROM_ALL)
        string(TOUPPER ${component} name)
        set(CPACK_DEBIAN_${name}_PACKAGE_NAME ${${component}_package})
    endif()
endforeach()
# Without packages, one copy is enough.
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT licence)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME swarmlog)
set(CPACK_PACKAGE_VENDOR "swarmlog contributors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each package begins with a line of its own
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${SWARMLOG_MAINTAINER}")
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR})

set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SHLIBDEPS ON)
# What the package of a program will depend on that is linked with the library.
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/debian/shlibs
    CONTENT "libswarmlog @interface_version@ @library_package@ (>= @PROJECT_VERSION@)\n" @ONLY)
set(scripts ${CMAKE_CURRENT_LIST_DIR}/debian/postinst ${CMAKE_CURRENT_LIST_DIR}/debian/postrm)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/debian/shlibs ${scripts})
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "embeddable event-sourcing engine (shared library)
An append-only event log in a SQLite file or in memory, for programs that run
many agents and tasks, with projections of it into tables.")

# Public headers include Boost's; the rest is what the static library is linked with.
string(REGEX MATCH "^[0-9]+[.][0-9]+" boost "${Boost_VERSION}")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
string(CONCAT CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "${library_package} (= ${PROJECT_VERSION}), libboost${boost}-dev, libboost-json${boost}-dev, "
    "liblz4-dev, libsqlite3-dev (>= 3.40), libssl-dev, libxxhash-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "embeddable event-sourcing engine (development files)
Headers, the static library, and the files by which CMake and pkg-config find
them.")

set(CPACK_DEBIAN_COMMAND_PACKAGE_SECTION database)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_COMMAND_PACKAGE_DEPENDS "${library_package} (>= ${PROJECT_VERSION})")
set(CPACK_COMPONENT_COMMAND_DESCRIPTION "command for event logs of swarmlog
Looks into, fills, verifies and backs up event logs in SQLite files.")

set(CPACK_DEBIAN_SQLITE_EXTENSION_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_SQLITE_EXTENSION_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_SQLITE_EXTENSION_PACKAGE_CONTROL_EXTRA ${scripts})
# It uses the SQLite that loads it, which the linker does not know.
set(CPACK_DEBIAN_SQLITE_EXTENSION_PACKAGE_DEPENDS "libsqlite3-0 (>= 3.40)")
set(CPACK_DEBIAN_SQLITE_EXTENSION_PACKAGE_ENHANCES "sqlite3")
set(CPACK_COMPONENT_SQLITE_EXTENSION_DESCRIPTION "SQLite extension for event logs of swarmlog
Shows the events of a log as a table, in SQLite's shell and in other programs
that load extensions.")

include(CPack)
