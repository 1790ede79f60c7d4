# What package managers read at the root is well formed, and of this version.
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)

file(MAKE_DIRECTORY ${scratch})
file(READ ${source}/vcpkg.json manifest)
string(JSON found GET "${manifest}" version-semver)
expect_equal("vcpkg.json's version" ${version} "${found}")
string(JSON count LENGTH "${manifest}" dependencies)
if(count LESS 5)
    message(FATAL_ERROR "vcpkg.json names ${count} dependencies")
endif()

file(STRINGS ${source}/conanfile.py line REGEX "^    version = ")
expect_equal("conanfile.py's version" "    version = \"${version}\"" "${line}")
find_program(python NAMES python3)
if(python)
    run(${python} -c "import ast, sys; ast.parse(open(sys.argv[1]).read())"
        ${source}/conanfile.py)
else()
    message(NOTICE "SKIPPED: there is no python3, so nothing has parsed conanfile.py")
endif()
