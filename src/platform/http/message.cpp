// Requests and answers as values: header lookup, cookies and the small factories of answers.
#include "platform/http/message.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace holdpoint::http {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return lower(x) == lower(y); });
}

void Headers::add(std::string_view name, std::string_view value) {
  fields_.push_back({static_cast<std::uint32_t>(text_.size()),
                     static_cast<std::uint32_t>(name.size()),
                     static_cast<std::uint32_t>(value.size())});
  text_.append(name);
  text_.append(value);
}

void Headers::clear() {
  text_.clear();
  fields_.clear();
}

std::pair<std::string_view, std::string_view> Headers::at(std::size_t index) const {
  HP_ASSERT(index < fields_.size(), "HT-1: a header index is below the number of headers");
  const Field& field = fields_[index];
  const std::string_view text = text_;
  return {text.substr(field.begin, field.name_bytes),
          text.substr(field.begin + field.name_bytes, field.value_bytes)};
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const auto [field, value] = at(i);
    if (same_name(field, name)) return value;
  }
  return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
  std::size_t found = 0;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (same_name(at(i).first, name)) ++found;
  }
  return found;
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  return headers.find(name);
}

std::optional<std::string_view> Request::query(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::string_view Request::parameter(const std::string& name) const {
  const auto found = path_parameters.find(name);
  HP_ASSERT(found != path_parameters.end(), "HT-2: a handler names only its route's parameters");
  return found->second;
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
  for (std::size_t i = 0; i < headers.size(); ++i) {
    auto [field, rest] = headers.at(i);
    if (!same_name(field, "cookie")) continue;
    while (!rest.empty()) {
      const auto end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = trim(rest.substr(0, end));
      const auto equals = pair.find('=');
      if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
        return pair.substr(equals + 1);
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return std::nullopt;
}

Response& Response::set(std::string_view name, std::string_view value) {
  std::string clean(value);
  for (char& c : clean) {
    if (c == '\r' || c == '\n' || c == '\0') c = ' ';
  }
  for (auto& [key, old] : headers) {
    if (same_name(key, name)) {
      old = std::move(clean);
      return *this;
    }
  }
  headers.emplace_back(name, std::move(clean));
  return *this;
}

std::optional<std::string_view> Response::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return value;
  }
  return std::nullopt;
}

namespace {

Response typed(int status, std::string_view media, std::string text) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", media);
  response.body = std::move(text);
  return response;
}

}  // namespace

Response json_response(int status, const json::value& value) {
  return json_text_response(status, json::serialize(value));
}

Response json_text_response(int status, std::string text) {
  return typed(status, "application/json", std::move(text));
}

Response text_response(int status, std::string text) {
  return typed(status, "text/plain; charset=utf-8", std::move(text));
}

Response no_content() {
  Response response;
  response.status = 204;
  return response;
}

std::string_view reason_phrase(int status) {
  struct Phrase {
    int status;
    std::string_view text;
  };
  static constexpr Phrase phrases[] = {{100, "Continue"},
                                       {200, "OK"},
                                       {201, "Created"},
                                       {202, "Accepted"},
                                       {204, "No Content"},
                                       {206, "Partial Content"},
                                       {301, "Moved Permanently"},
                                       {302, "Found"},
                                       {303, "See Other"},
                                       {304, "Not Modified"},
                                       {307, "Temporary Redirect"},
                                       {308, "Permanent Redirect"},
                                       {400, "Bad Request"},
                                       {401, "Unauthorized"},
                                       {403, "Forbidden"},
                                       {404, "Not Found"},
                                       {405, "Method Not Allowed"},
                                       {406, "Not Acceptable"},
                                       {408, "Request Timeout"},
                                       {409, "Conflict"},
                                       {410, "Gone"},
                                       {411, "Length Required"},
                                       {412, "Precondition Failed"},
                                       {413, "Content Too Large"},
                                       {414, "URI Too Long"},
                                       {415, "Unsupported Media Type"},
                                       {416, "Range Not Satisfiable"},
                                       {417, "Expectation Failed"},
                                       {421, "Misdirected Request"},
                                       {422, "Unprocessable Content"},
                                       {423, "Locked"},
                                       {424, "Failed Dependency"},
                                       {425, "Too Early"},
                                       {426, "Upgrade Required"},
                                       {428, "Precondition Required"},
                                       {429, "Too Many Requests"},
                                       {431, "Request Header Fields Too Large"},
                                       {500, "Internal Server Error"},
                                       {501, "Not Implemented"},
                                       {502, "Bad Gateway"},
                                       {503, "Service Unavailable"},
                                       {504, "Gateway Timeout"},
                                       {505, "HTTP Version Not Supported"},
                                       {507, "Insufficient Storage"}};
  for (const Phrase& phrase : phrases) {
    if (phrase.status == status) return phrase.text;
  }
  return "Unknown";
}

}  // namespace holdpoint::http
