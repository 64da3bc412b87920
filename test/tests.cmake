# The test programs: unit, the fuzzers, and what lit needs to know about this build.

file(GLOB unit_sources CONFIGURE_DEPENDS test/unit/*.c)
find_path(MPFR_INCLUDE mpfr.h)
find_library(MPFR_LIBRARY mpfr)
find_library(GMP_LIBRARY gmp)
add_executable(unit ${unit_sources})
target_link_libraries(unit PRIVATE toolsupport m)
target_compile_definitions(unit PRIVATE TFCC_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
if(MPFR_INCLUDE AND MPFR_LIBRARY AND GMP_LIBRARY)
	target_compile_definitions(unit PRIVATE HAVE_MPFR)
	target_include_directories(unit SYSTEM PRIVATE ${MPFR_INCLUDE})
	target_link_libraries(unit PRIVATE ${MPFR_LIBRARY} ${GMP_LIBRARY})
endif()

# All f32 arguments of the elementary functions: minutes each, so run by hand (docs/notes/math.md has the figures).
if(MPFR_INCLUDE AND MPFR_LIBRARY AND GMP_LIBRARY)
	add_executable(math-exhaustive EXCLUDE_FROM_ALL test/math/exhaustive.c)
	target_include_directories(math-exhaustive SYSTEM PRIVATE ${MPFR_INCLUDE})
	target_link_libraries(math-exhaustive PRIVATE toolsupport ${MPFR_LIBRARY} ${GMP_LIBRARY} m)
endif()

# Graphs through every way to compile them, compared bit for bit.  It calls what it compiles.
file(GLOB contract_sources CONFIGURE_DEPENDS test/contract/*.c)
add_executable(contract ${contract_sources})
target_link_libraries(contract PRIVATE toolsupport m ${CMAKE_DL_LIBS})
target_compile_definitions(contract PRIVATE TFCC_SOURCE_DIR="${CMAKE_SOURCE_DIR}")

# Programs of test/conformance, one child each.
add_executable(conform-batch test/conformance/batch.c)
target_link_libraries(conform-batch PRIVATE toolsupport)

# test/fuzz/fuzz_*.c each define LLVMFuzzerTestOneInput.  Under the fuzz preset
# libFuzzer drives them; otherwise test/fuzz/replay.c runs the files it is
# given (seeds and found cases) once each, so they are tested in every build.
file(GLOB fuzz_sources CONFIGURE_DEPENDS test/fuzz/fuzz_*.c)
add_custom_target(fuzzers)
foreach(source ${fuzz_sources})
	get_filename_component(name ${source} NAME_WE)
	add_executable(${name} ${source} test/fuzz/run.c)
	if(TFCC_FUZZ)
		target_link_options(${name} PRIVATE -fsanitize=fuzzer)
	else()
		target_sources(${name} PRIVATE test/fuzz/replay.c)
	endif()
	target_link_libraries(${name} PRIVATE toolsupport)
	add_dependencies(fuzzers ${name})
endforeach()

# build/<preset>/lit.site.cfg.py tells test/lit.cfg.py where the programs are;
# build/<preset>/quick.sh runs the tests that fit before every landing.
list(JOIN TFCC_SANITIZE_FLAGS " " sanitize_flags)
configure_file(test/lit.site.cfg.py.in ${CMAKE_BINARY_DIR}/lit.site.cfg.py @ONLY)
configure_file(test/quick.sh.in ${CMAKE_BINARY_DIR}/quick.sh @ONLY)
