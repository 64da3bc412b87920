# The installed package: programs, runtime, find_package(tfcc) and pkg-config.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/tfcc)
set(package_targets ${TFCC_TOOLS})
if(runtime_sources)
	list(APPEND package_targets tfrt)
	target_include_directories(tfrt INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
	install(FILES runtime/tfrt.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endif()
if(package_targets)
	install(TARGETS ${package_targets} EXPORT tfcc)
	install(EXPORT tfcc NAMESPACE tfcc:: FILE tfccTargets.cmake DESTINATION ${package_dir})
endif()
configure_package_config_file(tools/package/tfccConfig.cmake.in ${CMAKE_BINARY_DIR}/package/tfccConfig.cmake
	INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/package/tfccConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/package/tfccConfig.cmake ${CMAKE_BINARY_DIR}/package/tfccConfigVersion.cmake
	DESTINATION ${package_dir})

# The .pc file finds the prefix from its own place, so an install tree may be moved.
file(RELATIVE_PATH prefix_from_pc /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" prefix_from_pc "${prefix_from_pc}")
configure_file(tools/package/tfcc.pc.in ${CMAKE_BINARY_DIR}/package/tfcc.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/package/tfcc.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
