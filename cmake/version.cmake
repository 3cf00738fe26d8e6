# A program of the build: writes OUT, a header that names the commit of SOURCE, and touches it only when it changes, so that
# every build names the commit it was made from and an unchanged one compiles nothing.
#   cmake -DSOURCE=checkout -DOUT=commit.h -P version.cmake
# "unknown" outside a checkout of its own; "-dirty" behind the commit when tracked files differ from it.
set(commit "unknown")
execute_process(COMMAND git -C "${SOURCE}" rev-parse --show-toplevel
  OUTPUT_VARIABLE top OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed EQUAL 0)
  file(REAL_PATH "${SOURCE}" source)
  file(REAL_PATH "${top}" top)
  if(source STREQUAL top)
    execute_process(COMMAND git -C "${SOURCE}" describe --always --dirty --abbrev=12 --exclude=*
      OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
    if(failed EQUAL 0 AND NOT described STREQUAL "")
      set(commit "${described}")
    endif()
  endif()
endif()
set(text "/* Made by cmake/version.cmake. */\n#define EN_COMMIT \"${commit}\"\n")
set(old "")
if(EXISTS "${OUT}")
  file(READ "${OUT}" old)
endif()
if(NOT old STREQUAL text)
  file(WRITE "${OUT}" "${text}")
endif()
