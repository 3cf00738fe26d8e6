# en_wasm_program(OUT SOURCES a.c ... EXPORTS functions): compiles sources of src/ to WebAssembly with Debian's clang, lld,
# wasi-libc and libclang-rt-14-dev-wasm32. Without them EN_WASM_CLANG is empty, and nothing may call it.
set(EN_WASM_FLAGS --target=wasm32-wasi -std=c17 -O3 -msimd128 -ffp-contract=off -DNDEBUG -D_GNU_SOURCE -Wall -Wextra)
set(EN_WASM_LINK --target=wasm32-wasi -mexec-model=reactor -Wl,--strip-all -Wl,-z,stack-size=1048576)

# Whether that clang compiles and links, with the mathematics of libc.
function(en_wasm_works clang out)
  set(room "${PROJECT_BINARY_DIR}/wasm")
  file(MAKE_DIRECTORY "${room}")
  file(WRITE "${room}/try.c" "#include <math.h>\nfloat try(float x);\nfloat try(float x) { return expf(x); }\n")
  execute_process(COMMAND "${clang}" ${EN_WASM_FLAGS} ${EN_WASM_LINK} -Wl,--export=try "${room}/try.c" -o "${room}/try.wasm"
    RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
  if(failed EQUAL 0)
    set(${out} TRUE PARENT_SCOPE)
  else()
    set(${out} FALSE PARENT_SCOPE)
  endif()
endfunction()

option(EYENET_PAGE_ENGINE "Build the engine of 'export page', where there is a clang for WebAssembly" ON)
set(EN_WASM_CLANG "")
if(EYENET_PAGE_ENGINE)
  find_program(EYENET_WASM_CLANG NAMES clang clang-14 clang-19 clang-18 clang-17 clang-16 clang-15)
  if(EYENET_WASM_CLANG)
    en_wasm_works("${EYENET_WASM_CLANG}" works)
    if(works)
      set(EN_WASM_CLANG "${EYENET_WASM_CLANG}")
    endif()
  endif()
  if(NOT EN_WASM_CLANG)
    message(STATUS "'export page' is built without its engine: it takes clang, lld, wasi-libc and libclang-rt-14-dev-wasm32")
  endif()
endif()

function(en_wasm_program out)
  cmake_parse_arguments(W "" "" "SOURCES;EXPORTS" ${ARGN})
  set(objects "")
  foreach(source IN LISTS W_SOURCES)
    set(object "${PROJECT_BINARY_DIR}/wasm/${source}.o")
    get_filename_component(folder "${object}" DIRECTORY)
    file(MAKE_DIRECTORY "${folder}")
    add_custom_command(OUTPUT "${object}"
      COMMAND "${EN_WASM_CLANG}" ${EN_WASM_FLAGS} $<$<BOOL:${EYENET_WERROR}>:-Werror> -I "${PROJECT_SOURCE_DIR}/src"
              -MD -MF "${object}.d" -c "${PROJECT_SOURCE_DIR}/src/${source}" -o "${object}"
      DEPENDS "${PROJECT_SOURCE_DIR}/src/${source}" DEPFILE "${object}.d" COMMENT "Compiling ${source} to WebAssembly" VERBATIM)
    list(APPEND objects "${object}")
  endforeach()
  list(TRANSFORM W_EXPORTS PREPEND "-Wl,--export=")
  add_custom_command(OUTPUT "${out}" COMMAND "${EN_WASM_CLANG}" ${EN_WASM_LINK} ${W_EXPORTS} -o "${out}" ${objects}
    DEPENDS ${objects} COMMENT "Linking ${out}" VERBATIM)
endfunction()
