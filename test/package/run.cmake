# What the scripts here share.

function(run)
    execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# run_and_read(<variable> [in <folder>] <command>...)
function(run_and_read variable)
    set(folder ${scratch})
    if(ARGV1 STREQUAL in)
        set(folder ${ARGV2})
        list(REMOVE_AT ARGN 0 1)
    endif()
    execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${folder}
        OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
    set(${variable} "${printed}" PARENT_SCOPE)
endfunction()

function(expect_equal what expected found)
    if(NOT expected STREQUAL found)
        message(FATAL_ERROR "${what}: expected\n${expected}\nbut found\n${found}")
    endif()
endfunction()

# Whether a program asks for the shared library.
function(expect_needed program is_needed)
    run_and_read(headers objdump -p ${program})
    string(FIND "${headers}" "libswarmlog.so.${interface_version}\n" at)
    if((is_needed AND at EQUAL -1) OR (NOT is_needed AND NOT at EQUAL -1))
        message(FATAL_ERROR "${program} needs libswarmlog.so.${interface_version}: \
expected ${is_needed}")
    endif()
endfunction()

# The consumer prints the version of the library that it runs with.
function(expect_consumer_works)
    run_and_read(printed ${ARGN})
    expect_equal("the consumer printed" "swarmlog ${version}\n" "${printed}")
endfunction()

# build_consumer(<folder> <source> <cache entry>...)
function(build_consumer folder from)
    run(${CMAKE_COMMAND} -S ${from} -B ${folder} -G ${generator}
        -D CMAKE_CXX_COMPILER=${compiler}
        -D CMAKE_CXX_COMPILER_LAUNCHER=${launcher}
        ${ARGN})
    run(${CMAKE_COMMAND} --build ${folder})
endfunction()
