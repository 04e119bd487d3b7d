// See page.hpp. The files stand in ui/plain and are built into the program.
#include "main/page.hpp"

#include "main/page_files.hpp"

namespace holdpoint::main {
namespace {

http::Route file_route(std::string path, std::string operation, std::string media,
                       std::string_view content) {
  http::Route route{.method = "GET",
                    .path = std::move(path),
                    .permission = "",
                    .summary = "A file of the page",
                    .operation_id = std::move(operation),
                    .tag = "page"};
  route.response_media = media;
  route.handler = [media, content](http::Request&) {
    auto response = http::text_response(200, std::string(content));
    response.set("Content-Type", media + "; charset=utf-8");
    response.set("Cache-Control", "no-cache");
    return response;
  };
  return route;
}

}  // namespace

std::vector<http::Route> page_routes() {
  std::vector<http::Route> rows;
  rows.push_back(file_route("/", "page", "text/html", page_html));
  rows.push_back(file_route("/releases/{ref}", "page_release", "text/html", page_html));
  rows.push_back(file_route("/page.css", "page_style", "text/css", page_css));
  rows.push_back(file_route("/page.js", "page_script", "text/javascript", page_js));
  rows.push_back(file_route("/favicon.svg", "page_icon", "image/svg+xml", page_icon));
  return rows;
}

}  // namespace holdpoint::main
