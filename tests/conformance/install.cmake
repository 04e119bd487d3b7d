# Installs the official suite that package-lock.json pins into the current folder, unless it is
# there, and writes its cases to cases.json. Without the network it says so and makes nothing:
# cmake -DNPM=… -DNODE=… -P install.cmake
set(folder ${CMAKE_CURRENT_SOURCE_DIR})
set(installed ${folder}/node_modules/installed-lock.json)
execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${folder}/package-lock.json ${installed}
                RESULT_VARIABLE differs OUTPUT_QUIET ERROR_QUIET)
if(differs)
  file(REMOVE ${folder}/cases.json)
  execute_process(COMMAND ${NPM} ci --include=dev --omit=peer --prefer-offline --ignore-scripts
                          --no-audit --no-fund
                  RESULT_VARIABLE failed)
  if(failed)
    message("skipped: the official suite cannot be installed")
    return()
  endif()
  configure_file(${folder}/package-lock.json ${installed} COPYONLY)
endif()
execute_process(COMMAND ${NODE} cases.mjs cases.json COMMAND_ERROR_IS_FATAL ANY)
