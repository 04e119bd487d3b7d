# Unpacks Prometheus and Alertmanager of Debian into the current folder, unless they are there. They
# are not installed, because then they would run as services of this machine. Without apt or the
# network it says so and makes nothing: cmake -P unpack.cmake
set(folder ${CMAKE_CURRENT_SOURCE_DIR})
if(EXISTS ${folder}/usr/bin/prometheus AND EXISTS ${folder}/usr/bin/prometheus-alertmanager)
  return()
endif()
execute_process(COMMAND apt-get --quiet --quiet download prometheus prometheus-alertmanager
                RESULT_VARIABLE failed ERROR_VARIABLE complaint)
file(GLOB packages ${folder}/*.deb)
if(failed OR NOT packages)
  message("skipped: Prometheus and Alertmanager cannot be fetched: ${complaint}")
  return()
endif()
foreach(package ${packages})
  execute_process(COMMAND dpkg-deb --extract ${package} ${folder} COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE ${package})
endforeach()
