# Installs a finished build into an empty prefix, for the tests that look from there.
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)

file(REMOVE_RECURSE ${prefix})
run_and_read(installed in ${build} ${CMAKE_COMMAND} --install ${build} --prefix ${prefix})
foreach(name IN ITEMS libswarmlog.a libswarmlog.so.${interface_version} pkgconfig/swarmlog.pc
        swarmlog_sqlite.so)
    if(NOT EXISTS ${prefix}/${libdir}/${name})
        message(FATAL_ERROR "${name} is not installed:\n${installed}")
    endif()
endforeach()
