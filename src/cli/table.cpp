// Layout of tables and paragraphs for people.
#include "cli/table.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "cli/fields.hpp"

namespace holdpoint::cli {
namespace {

constexpr std::size_t column_gap = 2;
constexpr std::size_t last_column_min = 24;

std::string_view code_of(Tone tone) {
  switch (tone) {
    case Tone::plain: return "";
    case Tone::good: return "\x1b[32m";
    case Tone::bad: return "\x1b[31m";
    case Tone::attention: return "\x1b[33m";
    case Tone::faint: return "\x1b[2m";
    case Tone::strong: return "\x1b[1m";
  }
  return "";
}

void trim_end(std::string& line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
}

}  // namespace

std::string paint(std::string_view text, Tone tone, Colour colour) {
  if (colour == Colour::none || tone == Tone::plain || text.empty()) return std::string(text);
  return std::string(code_of(tone)) + std::string(text) + "\x1b[0m";
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    std::string& line = lines.back();
    if (line.empty()) {
      line = word;
    } else if (width_of(line) + 1 + width_of(word) <= columns) {
      line += ' ';
      line += word;
    } else {
      lines.emplace_back(word);
    }
  }
  return lines;
}

std::string indented(std::string_view text, std::size_t indent) {
  std::string out;
  for (const std::string& line : wrap(printable(text), line_columns - indent)) {
    out += std::string(indent, ' ') + line + '\n';
  }
  return out;
}

std::string marked(std::string_view mark, std::string_view text, std::size_t indent) {
  std::string lines = indented(text, indent + 2);
  return lines.replace(indent, 1, mark);
}

void Table::add(std::vector<Cell> cells) {
  HP_ASSERT(cells.size() == headings_.size(), "CLI-1: a row has a cell for every heading");
  for (Cell& cell : cells) cell.text = printable(cell.text);
  rows_.push_back(std::move(cells));
}

std::string Table::text(Colour colour) const {
  std::vector<std::size_t> widths;
  for (const std::string& heading : headings_) widths.push_back(width_of(heading));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(row[i].text));
    }
  }
  std::size_t before_last = 0;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) before_last += widths[i] + column_gap;
  const std::size_t left = before_last < line_columns ? line_columns - before_last : 0;
  const std::size_t last = std::max(left, last_column_min);

  std::string out;
  const auto append = [&](const std::vector<Cell>& row) {
    std::string line;
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      line += paint(row[i].text, row[i].tone, colour);
      line += std::string(widths[i] - width_of(row[i].text) + column_gap, ' ');
    }
    const auto pieces = wrap(row.back().text, last);
    line += paint(pieces.front(), row.back().tone, colour);
    trim_end(line);
    out += line + '\n';
    for (std::size_t i = 1; i < pieces.size(); ++i) {
      out += std::string(before_last, ' ') + paint(pieces[i], row.back().tone, colour) + '\n';
    }
  };
  std::vector<Cell> heading_row;
  for (const std::string& heading : headings_) heading_row.push_back({heading, Tone::strong});
  append(heading_row);
  for (const auto& row : rows_) append(row);
  return out;
}

}  // namespace holdpoint::cli
