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

    # Written by the command itself (cli/CMakeLists.txt), unless it is built for another machine.
    # Shells want completions in folders and under names of their own.
    set(SWARMLOG_ZSH_COMPLETIONS zsh/site-functions CACHE STRING
        "Where zsh looks for completions, below ${CMAKE_INSTALL_DATADIR}")
    if(TARGET swarmlog_manual)
        set(written ${PROJECT_BINARY_DIR}/cli/manual)
        install(FILES ${written}/swarmlog.1
            DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT command)
        install(FILES ${written}/bash RENAME swarmlog
            DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT command)
        install(FILES ${written}/zsh RENAME _swarmlog
            DESTINATION ${CMAKE_INSTALL_DATADIR}/${SWARMLOG_ZSH_COMPLETIONS} COMPONENT command)
        install(FILES ${written}/fish RENAME swarmlog.fish
            DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT command)
    endif()
endif()

if(TARGET swarmlog_sqlite)
    install(TARGETS swarmlog_sqlite
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT sqlite_extension)
endif()
