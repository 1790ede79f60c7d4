# Builds the consumer by find_package(swarmlog COMPONENTS <form>) and runs it.
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)

file(REMOVE_RECURSE ${scratch})
build_consumer(${scratch}/build ${CMAKE_CURRENT_LIST_DIR}/consumer
    -D form=${form} -D CMAKE_PREFIX_PATH=${prefix})
expect_consumer_works(${scratch}/build/consumer)
if(form STREQUAL shared)
    expect_needed(${scratch}/build/consumer TRUE)
else()
    expect_needed(${scratch}/build/consumer FALSE)
endif()
