# Installs the packages of package-lock.json into the current folder, unless they are there:
# cmake -DNPM=… -P install.cmake
set(lock ${CMAKE_CURRENT_SOURCE_DIR}/package-lock.json)
set(installed ${CMAKE_CURRENT_SOURCE_DIR}/node_modules/installed-lock.json)
execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${lock} ${installed}
                RESULT_VARIABLE differs OUTPUT_QUIET ERROR_QUIET)
if(differs)
  execute_process(COMMAND ${NPM} ci --include=dev --prefer-offline --ignore-scripts --no-audit
                          --no-fund
                  COMMAND_ERROR_IS_FATAL ANY)
  configure_file(${lock} ${installed} COPYONLY)
endif()
