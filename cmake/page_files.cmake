# Turns the files of ui/plain into one header: a table of names, media types and bytes.
# cmake -DOUT=… -DDIR=… -P page_files.cmake
set(media_html "text/html")
set(media_css "text/css")
set(media_js "text/javascript")
set(media_svg "image/svg+xml")

set(text "// Generated from ui/plain; the page's files.\n#pragma once\n\n#include <array>\n")
string(APPEND text "#include <string_view>\n\nnamespace holdpoint::main {\n\n")
string(APPEND text "struct PageFile {\n  std::string_view name;\n  std::string_view media;\n")
string(APPEND text "  std::string_view content;\n};\n\n")
set(rows "")
set(count 0)
file(GLOB files RELATIVE ${DIR} ${DIR}/*.html ${DIR}/*.css ${DIR}/*.js ${DIR}/*.svg)
list(SORT files)
foreach(file ${files})
  get_filename_component(suffix ${file} LAST_EXT)
  string(SUBSTRING ${suffix} 1 -1 suffix)
  file(READ ${DIR}/${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND text "inline constexpr unsigned char page_bytes_${count}[] = {${bytes}0};\n")
  string(APPEND rows "    PageFile{\"${file}\", \"${media_${suffix}}\",\n"
    "             {reinterpret_cast<const char*>(page_bytes_${count}),\n"
    "              sizeof page_bytes_${count} - 1}},\n")
  math(EXPR count "${count} + 1")
endforeach()
string(APPEND text "\ninline const std::array<PageFile, ${count}> page_files{\n${rows}};\n\n")
string(APPEND text "}  // namespace holdpoint::main\n")
file(WRITE ${OUT} "${text}")
