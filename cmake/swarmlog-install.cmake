# Installs the headers, the library in its forms, and what find_package(swarmlog) and pkg-config
# read. What goes together into a package is a component: see swarmlog-packages.cmake.

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/swarmlog)

foreach(form IN LISTS swarmlog_forms)
    install(TARGETS swarmlog_${form} EXPORT swarmlog-${form}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library
            NAMELINK_COMPONENT development)
    install(EXPORT swarmlog-${form}
        NAMESPACE swarmlog::
        DESTINATION ${package_dir}
        COMPONENT development)
endforeach()

foreach(folder IN ITEMS . engine projections backends)
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/include/
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        COMPONENT development
        FILES_MATCHING PATTERN "*.hpp")
endforeach()

configure_package_config_file(
    ${CMAKE_CURRENT_LIST_DIR}/swarmlogConfig.cmake.in
    ${PROJECT_BINARY_DIR}/swarmlogConfig.cmake
    INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/swarmlogConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES
    ${PROJECT_BINARY_DIR}/swarmlogConfig.cmake
    ${PROJECT_BINARY_DIR}/swarmlogConfigVersion.cmake
    ${CMAKE_CURRENT_LIST_DIR}/swarmlog-dependencies.cmake
    DESTINATION ${package_dir}
    COMPONENT development)

# The paths in swarmlog.pc begin at its own folder, so that the installation can be moved.
set(pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX
    BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}/${pkgconfig_dir} OUTPUT_VARIABLE pkgconfig_prefix)
set(pkgconfig_requires Requires)
if("shared" IN_LIST swarmlog_forms)
    set(pkgconfig_requires Requires.private)
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/swarmlog.pc.in ${PROJECT_BINARY_DIR}/swarmlog.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/swarmlog.pc
    DESTINATION ${pkgconfig_dir} COMPONENT development)

if(TARGET swarmlog_cli)
    # It finds the shared library beside it, wherever both are installed.
    cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_LIBDIR
        BASE_DIRECTORY ${CMAKE_INSTALL_FULL_BINDIR} OUTPUT_VARIABLE bin_to_lib)
    set_target_properties(swarmlog_cli PROPERTIES INSTALL_RPATH "$ORIGIN/${bin_to_lib}")
    install(TARGETS swarmlog_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT command)

    # Shells want completions in folders and under names of their own.
    set(SWARMLOG_ZSH_COMPLETIONS zsh/site-functions CACHE STRING
        "Where zsh looks for completions, below ${CMAKE_INSTALL_DATADIR}")
    file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cli/man/*.1)
    install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT command)
    foreach(shell IN ITEMS bash:bash-completion/completions:swarmlog
            zsh:${SWARMLOG_ZSH_COMPLETIONS}:_swarmlog fish:fish/vendor_completions.d:swarmlog.fish)
        string(REPLACE ":" ";" shell ${shell})
        list(GET shell 0 name)
        list(GET shell 1 folder)
        list(GET shell 2 installed_as)
        file(GLOB completion CONFIGURE_DEPENDS
            ${PROJECT_SOURCE_DIR}/cli/completion/*${name}*
            ${PROJECT_SOURCE_DIR}/cli/completion/${installed_as})
        list(LENGTH completion count)
        if(count EQUAL 1)
            install(FILES ${completion} RENAME ${installed_as}
                DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder} COMPONENT command)
        elseif(count GREATER 1)
            message(FATAL_ERROR "more than one completion for ${name}: ${completion}")
        endif()
    endforeach()
endif()

if(TARGET swarmlog_sqlite)
    install(TARGETS swarmlog_sqlite
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT sqlite_extension)
endif()
