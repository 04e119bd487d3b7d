// Aligned plain tables that fit 80 columns, and tones that become colours on a terminal only. A
// tone never carries meaning alone: the word and its symbol say the same.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace holdpoint::cli {

inline constexpr std::size_t line_columns = 80;

enum class Tone : std::uint8_t { plain, good, bad, attention, faint, strong };
enum class Colour : std::uint8_t { none, ansi };

std::string paint(std::string_view text, Tone tone, Colour colour);

/// Columns the text takes on a terminal, counting every code point as one.
std::size_t width_of(std::string_view text);

/// Breaks at spaces so that no line is wider than `columns`; a longer word stands alone.
std::vector<std::string> wrap(std::string_view text, std::size_t columns);

/// The text wrapped to the line, every line indented.
std::string indented(std::string_view text, std::size_t indent);

/// The same with a mark of one column before the first line, and the rest below its text.
std::string marked(std::string_view mark, std::string_view text, std::size_t indent);

struct Cell {
  std::string text;
  Tone tone = Tone::plain;
};

class Table {
 public:
  explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}

  /// MUST have as many cells as there are headings. Control characters are replaced.
  void add(std::vector<Cell> cells);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  /// Rows with two spaces between columns; the last column is wrapped to the line.
  [[nodiscard]] std::string text(Colour colour) const;

 private:
  std::vector<std::string> headings_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace holdpoint::cli
