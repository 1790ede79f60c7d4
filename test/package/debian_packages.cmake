# Takes the packages that cpack made: each has the files and dependencies that it should have; dpkg
# installs them into a root of their own, where the command, the extension and consumers work, and
# removes them again without a trace.
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)

file(REMOVE_RECURSE ${scratch})
set(root ${scratch}/root)
file(MAKE_DIRECTORY ${root}/var/lib/dpkg/info ${root}/var/lib/dpkg/updates)
file(GLOB packages ${build}/packages/*.deb)

# package(<name> <section> DEPENDS <name>... FILES <regular expression>...)
#
# Every file is one of FILES, and each of FILES is there. Dependencies are exact, but for those on
# what the compiler brings.
function(package name section)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "DEPENDS;FILES")
    set(found ${packages})
    list(FILTER found INCLUDE REGEX "/${name}_${version}_[a-z0-9]+[.]deb$")
    list(LENGTH found count)
    if(NOT count EQUAL 1)
        message(FATAL_ERROR "${count} packages are ${name}, of ${packages}")
    endif()

    run_and_read(fields dpkg-deb -f ${found} Section Version)
    expect_equal("${name}'s fields" "Section: ${section}\nVersion: ${version}\n" "${fields}")
    run_and_read(description dpkg-deb -f ${found} Description)
    if(NOT description MATCHES "^[^\n]+\n [^\n]+")
        message(FATAL_ERROR "${name} is not described: ${description}")
    endif()

    run_and_read(depends dpkg-deb -f ${found} Depends)
    string(REGEX REPLACE "\n|\\([^)]*\\)| " "" depends "${depends}")
    string(REPLACE "," ";" depends "${depends}")
    list(FILTER depends EXCLUDE REGEX "^(libc6|libgcc-s1|libstdc[+][+]6)$")
    list(SORT depends)
    list(REMOVE_DUPLICATES depends)
    list(SORT arg_DEPENDS)
    expect_equal("${name}'s dependencies" "${arg_DEPENDS}" "${depends}")

    execute_process(COMMAND dpkg-deb --fsys-tarfile ${found} COMMAND tar --list
        OUTPUT_VARIABLE files COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCHALL "[^\n]*[^/\n]\n" files "${files}")
    list(TRANSFORM files STRIP)
    set(unknown ${files})
    foreach(expected IN LISTS arg_FILES ITEMS "usr/share/doc/${name}/copyright")
        set(matching ${files})
        list(FILTER matching INCLUDE REGEX "^[.]/${expected}$")
        if(NOT matching)
            message(FATAL_ERROR "${name} lacks ${expected} among ${files}")
        endif()
        list(FILTER unknown EXCLUDE REGEX "^[.]/${expected}$")
    endforeach()
    expect_equal("${name}'s other files" "" "${unknown}")
endfunction()

set(lib "usr/${libdir}")
set(needed_by_the_library libboost-json1.81.0 liblz4-1 libsqlite3-0 libssl3 libxxhash0)
package(libswarmlog${interface_version} libs
    DEPENDS ${needed_by_the_library}
    FILES "${lib}/libswarmlog[.]so[.]${interface_version}" "${lib}/libswarmlog[.]so[.]${version}")
package(libswarmlog-dev libdevel
    DEPENDS libswarmlog${interface_version} libboost1.81-dev libboost-json1.81-dev liblz4-dev
        libsqlite3-dev libssl-dev libxxhash-dev
    FILES "${lib}/libswarmlog[.]a" "${lib}/libswarmlog[.]so" "${lib}/pkgconfig/swarmlog[.]pc"
        "${lib}/cmake/swarmlog/swarmlog(Config|ConfigVersion|-dependencies|-[a-z]+)[.]cmake"
        "${lib}/cmake/swarmlog/swarmlog-(static|shared)-release[.]cmake"
        "usr/include/swarmlog/.*[.]hpp")
package(swarmlog database
    DEPENDS libswarmlog${interface_version} libboost-json1.81.0 libfmt9
    FILES "usr/bin/swarmlog" "usr/share/man/man1/swarmlog[.]1"
        "usr/share/bash-completion/completions/swarmlog"
        "usr/share/zsh/vendor-completions/_swarmlog"
        "usr/share/fish/vendor_completions[.]d/swarmlog[.]fish")
package(libsqlite3-mod-swarmlog libs
    DEPENDS libboost-json1.81.0 liblz4-1 libsqlite3-0 libssl3 libxxhash0
    FILES "${lib}/swarmlog_sqlite[.]so")
run_and_read(shlibs in ${build}/packages sh -c
    "dpkg-deb --ctrl-tarfile libswarmlog${interface_version}_*.deb | tar --extract --to-stdout ./shlibs")
expect_equal("what programs depend on"
    "libswarmlog ${interface_version} libswarmlog${interface_version} (>= ${version})\n" "${shlibs}")
list(LENGTH packages count)
expect_equal("the number of packages" 4 ${count})

# dpkg takes what is installed here for what is installed there, so that it judges dependencies.
file(COPY /var/lib/dpkg/status DESTINATION ${root}/var/lib/dpkg)
file(GLOB settings /var/lib/dpkg/arch /var/lib/dpkg/info/format)
foreach(setting IN LISTS settings)
    cmake_path(RELATIVE_PATH setting BASE_DIRECTORY / OUTPUT_VARIABLE place)
    configure_file(${setting} ${root}/${place} COPYONLY)
endforeach()
function(dpkg)
    execute_process(COMMAND dpkg --root=${root} --force-not-root --force-script-chrootless
        --log=${scratch}/dpkg.log ${ARGN}
        RESULT_VARIABLE code OUTPUT_VARIABLE printed ERROR_VARIABLE printed)
    # It has no list of what others' packages installed there, and says so of each.
    string(REGEX REPLACE "dpkg: warning: files list file[^\n]*\n[^\n]*\n?" "" printed "${printed}")
    if(NOT code EQUAL 0)
        message(FATAL_ERROR "dpkg ${ARGN}: ${code}\n${printed}")
    endif()
endfunction()
dpkg(--install ${packages})

set(with_library ${CMAKE_COMMAND} -E env LD_LIBRARY_PATH=${root}/${lib})
run_and_read(printed ${with_library} ${root}/usr/bin/swarmlog --version)
expect_equal("the command's version" "swarmlog ${version}\n" "${printed}")
file(WRITE ${scratch}/lines "{\"stream\":\"task-1\",\"type\":\"noted\",\"data\":{\"n\":7}}\n")
execute_process(COMMAND ${with_library} ${root}/usr/bin/swarmlog append ${scratch}/log.db
    INPUT_FILE ${scratch}/lines OUTPUT_QUIET ERROR_QUIET COMMAND_ERROR_IS_FATAL ANY)
run_and_read(printed sqlite3 -readonly ${scratch}/log.db
    -cmd ".load ${root}/${lib}/swarmlog_sqlite"
    "SELECT position, stream, type, data FROM events")
expect_equal("the extension" "1|task-1|noted|{\"n\":7}\n" "${printed}")

foreach(form IN ITEMS static shared)
    build_consumer(${scratch}/${form} ${CMAKE_CURRENT_LIST_DIR}/consumer
        -D form=${form} -D CMAKE_PREFIX_PATH=${root}/usr)
    expect_consumer_works(${with_library} ${scratch}/${form}/consumer)
endforeach()
expect_needed(${scratch}/static/consumer FALSE)
expect_needed(${scratch}/shared/consumer TRUE)
run_and_read(printed ${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${root}/${lib}/pkgconfig
    pkg-config --variable=includedir swarmlog)
string(STRIP "${printed}" printed)
if(NOT EXISTS ${printed}/swarmlog/version.hpp)
    message(FATAL_ERROR "pkg-config says that headers are in ${printed}")
endif()

dpkg(--purge swarmlog libsqlite3-mod-swarmlog libswarmlog-dev libswarmlog${interface_version})
file(GLOB_RECURSE left ${root}/usr/*)
expect_equal("what is left after removing" "" "${left}")
