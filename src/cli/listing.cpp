// See listing.hpp.
#include "cli/listing.hpp"

#include <ostream>

#include "cli/failure.hpp"
#include "cli/fields.hpp"

namespace holdpoint::cli {
namespace {

/// `shown` makes the text for people, "" when there is nothing to show.
Exit list(Session& session, const std::string& path, const std::string& none,
          const std::function<std::string(const json::array&)>& shown) {
  const auto answer = session.get(path);
  if (!answer) return session.fail(answer.error());
  const json::array* items = array_at(answer->document, "items");
  if (items == nullptr) {
    return session.fail(malformed("The answer holds no list.", "GET " + path).error());
  }
  if (session.format() == Format::json) {
    session.print_json(*answer);
    return Exit::yes;
  }
  const std::string text = shown(*items);
  session.out() << (text.empty() ? none : text);
  if (const auto cursor = text_at(answer->document, "next_cursor")) {
    session.note("More: add --cursor " + *cursor);
  }
  return Exit::yes;
}

}  // namespace

Exit list_rows(Session& session, const std::string& path, std::vector<std::string> headings,
               const std::string& none,
               const std::function<std::vector<Cell>(const json::object&)>& row) {
  return list(session, path, none, [&](const json::array& items) {
    Table table(std::move(headings));
    for (const json::value& item : items) {
      if (const auto* one = item.if_object()) table.add(row(*one));
    }
    return table.empty() ? "" : table.text(session.colour());
  });
}

Exit list_lines(Session& session, const std::string& path, const std::string& none,
                const std::function<std::string(const json::object&)>& lines) {
  return list(session, path, none, [&](const json::array& items) {
    std::string text;
    for (const json::value& item : items) {
      if (const auto* one = item.if_object()) text += lines(*one);
    }
    return text;
  });
}

}  // namespace holdpoint::cli
