# Configures, builds and runs the program of docs/getting-started.md, which knows nothing but
# find_package(swarmlog). It must print what the guide says: once for each block marked `output`.
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)

set(guide ${source}/docs/getting-started.md)
file(REMOVE_RECURSE ${scratch})
build_consumer(${scratch}/build ${source}/test/package/guide -D CMAKE_PREFIX_PATH=${prefix})
expect_needed(${scratch}/build/first_swarm FALSE)

file(READ ${guide} text)
string(REGEX MATCHALL "\n```output\n[^`]+```\n" blocks "${text}")
list(LENGTH blocks count)
if(count LESS 2)
    message(FATAL_ERROR "${guide} says ${count} times what its program prints")
endif()
foreach(block IN LISTS blocks)
    string(REGEX REPLACE "^\n```output\n|```\n$" "" expected "${block}")
    run_and_read(printed ${scratch}/build/first_swarm)
    expect_equal("${guide} and its program" "${expected}" "${printed}")
endforeach()
