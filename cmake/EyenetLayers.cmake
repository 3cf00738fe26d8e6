# en_layer(NAME SOURCES a.c b.c ... [LIBS imported targets])
#
# One folder of src/ is one layer and one OBJECT library, en_NAME. src/LAYERS says which layers it may see. A layer's
# headers are reached as "NAME/header.h" through a directory of its own that holds nothing but a link to src/NAME, and
# only layers that depend on it get that directory on their include path: a wrong include does not compile.
file(STRINGS "${PROJECT_SOURCE_DIR}/src/LAYERS" EN_LAYER_LINES REGEX "^[a-z]+:")
set(EN_LAYERS "")
foreach(line IN LISTS EN_LAYER_LINES)
  string(REGEX MATCH "^([a-z]+):(.*)$" _ "${line}")
  set(layer "${CMAKE_MATCH_1}")
  separate_arguments(below UNIX_COMMAND "${CMAKE_MATCH_2}")
  list(APPEND EN_LAYERS "${layer}")
  set(EN_BELOW_${layer} "${below}")
endforeach()

function(en_layer name)
  cmake_parse_arguments(L "" "" "SOURCES;LIBS" ${ARGN})
  set(view "${PROJECT_BINARY_DIR}/layers/${name}")
  file(MAKE_DIRECTORY "${view}")
  file(CREATE_LINK "${PROJECT_SOURCE_DIR}/src/${name}" "${view}/${name}" SYMBOLIC)
  add_library(en_${name} OBJECT ${L_SOURCES})
  target_include_directories(en_${name} PUBLIC "${view}")
  target_link_libraries(en_${name} PUBLIC en_flags ${L_LIBS})
  foreach(below IN LISTS EN_BELOW_${name})
    target_link_libraries(en_${name} PUBLIC en_${below})
  endforeach()
endfunction()

# en_link_layer(TARGET LAYER): links a program with a layer and, as object libraries do not pass on their objects, with
# every layer below it.
function(en_link_layer target layer)
  set(todo "${layer}")
  set(seen "")
  while(todo)
    list(POP_FRONT todo next)
    if(NOT next IN_LIST seen)
      list(APPEND seen "${next}")
      list(APPEND todo ${EN_BELOW_${next}})
    endif()
  endwhile()
  foreach(name IN LISTS seen)
    target_link_libraries(${target} PRIVATE en_${name})
  endforeach()
endfunction()
