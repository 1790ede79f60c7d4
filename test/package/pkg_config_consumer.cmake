# Builds the consumer with the flags that pkg-config gives, links it with either form of the
# library, and runs both.
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)

set(consumer ${CMAKE_CURRENT_LIST_DIR}/consumer/main.cpp)
file(REMOVE_RECURSE ${scratch})
file(MAKE_DIRECTORY ${scratch})

# flags(<variable> <argument>...)
function(flags variable)
    run_and_read(printed ${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${prefix}/${libdir}/pkgconfig
        pkg-config ${ARGN} swarmlog)
    string(STRIP "${printed}" printed)
    separate_arguments(printed UNIX_COMMAND "${printed}")
    set(${variable} ${printed} PARENT_SCOPE)
endfunction()

flags(found --modversion)
expect_equal("pkg-config's version" ${version} "${found}")
flags(compile --cflags)
flags(shared --libs)
flags(static --static --libs)
list(TRANSFORM static REPLACE "^-lswarmlog$" "-l:libswarmlog.a")

run(${launcher} ${compiler} -std=c++20 ${compile} -c ${consumer} -o ${scratch}/consumer.o)
run(${compiler} ${scratch}/consumer.o ${static} -o ${scratch}/with_static)
run(${compiler} ${scratch}/consumer.o ${shared} -o ${scratch}/with_shared)

expect_needed(${scratch}/with_static FALSE)
expect_consumer_works(${scratch}/with_static)
expect_needed(${scratch}/with_shared TRUE)
expect_consumer_works(${CMAKE_COMMAND} -E env LD_LIBRARY_PATH=${prefix}/${libdir}
    ${scratch}/with_shared)
