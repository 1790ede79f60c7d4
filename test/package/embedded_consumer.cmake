# The sources as a folder of another tree, by FetchContent for the shared library and by
# add_subdirectory for the static one. With compile=ON a consumer of each is built and run, which
# compiles the library twice more; else it stays with configuring.
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)

file(REMOVE_RECURSE ${scratch})
function(build_embedded folder is_shared)
    run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/embedded -B ${scratch}/${folder}
        -G ${generator} -D swarmlog=${source} -D SWARMLOG_BY_FOLDER=ON
        -D BUILD_SHARED_LIBS=${is_shared}
        -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_CXX_COMPILER_LAUNCHER=${launcher} ${ARGN})
    if(compile)
        run(${CMAKE_COMMAND} --build ${scratch}/${folder} --parallel 2 --target consumer)
        expect_needed(${scratch}/${folder}/consumer ${is_shared})
        expect_consumer_works(${scratch}/${folder}/consumer)
    endif()
endfunction()

build_embedded(fetched TRUE -D fetched=ON)
build_embedded(added FALSE -D fetched=OFF)
