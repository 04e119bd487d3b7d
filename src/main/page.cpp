// See page.hpp. The files stand in ui/plain and are built into the program.
#include "main/page.hpp"

#include <algorithm>

#include "main/page_files.hpp"

namespace holdpoint::main {
namespace {

http::Route file_route(std::string path, std::string operation, const PageFile& file) {
  http::Route route{.method = "GET",
                    .path = std::move(path),
                    .permission = "",
                    .summary = "A file of the page",
                    .operation_id = std::move(operation),
                    .tag = "page"};
  route.response_media = std::string(file.media);
  route.handler = [&file](http::Request&) {
    auto response = http::text_response(200, std::string(file.content));
    response.set("Content-Type", std::string(file.media) + "; charset=utf-8");
    response.set("Cache-Control", "no-cache");
    return response;
  };
  return route;
}

std::string operation_of(std::string_view name) {
  std::string operation = "page_file_" + std::string(name);
  std::ranges::replace(operation, '.', '_');
  return operation;
}

}  // namespace

std::vector<http::Route> page_routes() {
  std::vector<http::Route> rows;
  for (const PageFile& file : page_files) {
    if (file.name == "index.html") {
      // The script reads the address and shows what it asks for.
      rows.push_back(file_route("/", "page", file));
      rows.push_back(file_route("/releases/{ref}", "page_release", file));
    } else {
      rows.push_back(file_route("/page/" + std::string(file.name), operation_of(file.name), file));
    }
  }
  return rows;
}

}  // namespace holdpoint::main
