# Installs a finished build into an empty prefix, then configures, builds and runs the program
# of docs/getting-started.md, which knows nothing but find_package(swarmlog). It must print what
# the guide says: once for each block marked `output`.

function(run)
    execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${scratch})
run(${CMAKE_COMMAND} --install ${build} --prefix ${scratch}/prefix)
run(${CMAKE_COMMAND} -S ${source} -B ${scratch}/build -G ${generator}
    -D CMAKE_CXX_COMPILER=${compiler}
    -D CMAKE_BUILD_TYPE=${build_type}
    -D CMAKE_PREFIX_PATH=${scratch}/prefix)
run(${CMAKE_COMMAND} --build ${scratch}/build)

file(READ ${guide} text)
string(REGEX MATCHALL "\n```output\n[^`]+```\n" blocks "${text}")
list(LENGTH blocks count)
if(count LESS 2)
    message(FATAL_ERROR "${guide} says ${count} times what its program prints")
endif()
foreach(block IN LISTS blocks)
    string(REGEX REPLACE "^\n```output\n|```\n$" "" expected "${block}")
    execute_process(COMMAND ${scratch}/build/first_swarm WORKING_DIRECTORY ${scratch}
        OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
    if(NOT printed STREQUAL expected)
        message(FATAL_ERROR "${guide} says\n${expected}but its program printed\n${printed}")
    endif()
endforeach()
