# Installs the headers, the libraries and a package that find_package(swarmlog) reads.

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/swarmlog)

install(TARGETS swarmlog swarmlog_engine swarmlog_projections swarmlog_backends
    EXPORT swarmlog
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT swarmlog
    NAMESPACE swarmlog::
    FILE swarmlogTargets.cmake
    DESTINATION ${package_dir})

foreach(folder IN ITEMS . engine projections backends)
    if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/include)
        install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/include/
            DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
            FILES_MATCHING PATTERN "*.hpp")
    endif()
endforeach()

if(TARGET swarmlog_cli)
    install(TARGETS swarmlog_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

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
    DESTINATION ${package_dir})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
