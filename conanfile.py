from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy


class Swarmlog(ConanFile):
    name = "swarmlog"
    version = "0.1.0"
    description = "An embeddable event-sourcing engine with projections"
    license = "MIT"
    topics = ("event-sourcing", "sqlite", "agents")
    package_type = "library"

    settings = "os", "compiler", "build_type", "arch"
    options = {"shared": [True, False], "fPIC": [True, False]}
    default_options = {"shared": False, "fPIC": True}
    implements = ["auto_shared_fpic"]

    exports_sources = (
        "CMakeLists.txt",
        "LICENSE",
        "cmake/*",
        "include/*",
        "engine/*",
        "projections/*",
        "backends/*",
    )

    def requirements(self):
        # Public headers include Boost's.
        self.requires("boost/1.81.0", transitive_headers=True, transitive_libs=True)
        self.requires("concurrentqueue/1.0.4")
        self.requires("lz4/1.9.4")
        self.requires("openssl/[>=3 <4]")
        self.requires("sqlite3/[>=3.40 <4]")
        self.requires("xxhash/0.8.2")

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        for part in ("BUILD_CLI", "BUILD_EXAMPLES", "BUILD_PERF", "BUILD_SQLITE_EXTENSION",
                     "BUILD_TESTS", "BOTH_LIBRARIES"):
            toolchain.cache_variables[f"SWARMLOG_{part}"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", self.source_folder, f"{self.package_folder}/licenses")
        CMake(self).install()

    def package_info(self):
        self.cpp_info.libs = ["swarmlog"]
        self.cpp_info.requires = ["boost::headers", "boost::json", "concurrentqueue::concurrentqueue",
                                  "lz4::lz4", "openssl::crypto", "sqlite3::sqlite3",
                                  "xxhash::xxhash"]
        self.cpp_info.set_property("cmake_target_name", "swarmlog::swarmlog")
        self.cpp_info.set_property("pkg_config_name", "swarmlog")
        if self.settings.os == "Linux":
            self.cpp_info.system_libs = ["pthread"]
