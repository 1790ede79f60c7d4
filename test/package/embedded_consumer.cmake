# The sources as a folder of another tree, by add_subdirectory and FetchContent. With compile=ON a
# consumer is built and run, which compiles the library once more; else it stays with configuring.
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)

file(REMOVE_RECURSE ${scratch})
function(configure folder)
    run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/embedded -B ${scratch}/${folder}
        -G ${generator} -D swarmlog=${source} -D SWARMLOG_BY_FOLDER=ON
        -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_CXX_COMPILER_LAUNCHER=${launcher} ${ARGN})
endfunction()

configure(fetched -D fetched=ON -D BUILD_SHARED_LIBS=ON)
configure(added -D fetched=OFF)
if(compile)
    run(${CMAKE_COMMAND} --build ${scratch}/added --parallel 2 --target consumer)
    expect_needed(${scratch}/added/consumer FALSE)
    expect_consumer_works(${scratch}/added/consumer)
endif()
