// Memory of one evaluation: given out from chunks, freed at once, bounded. Holds only things that
// need no destructor.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

namespace holdpoint::policy::cel {

class Arena {
 public:
  explicit Arena(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// nullptr when the bound is reached.
  void* allocate(std::size_t bytes);

  template <class T>
  T* array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= alignment);
    if (count > bytes_max_ / sizeof(T)) return nullptr;
    return static_cast<T*>(allocate(count * sizeof(T)));
  }

  [[nodiscard]] bool is_empty() const { return chunks_ == nullptr; }
  /// Hands the memory over, to keep a result alive.
  std::shared_ptr<const void> release();

 private:
  static constexpr std::size_t alignment = alignof(std::max_align_t);
  static constexpr std::size_t chunk_bytes = 4096;
  using Chunks = std::vector<std::unique_ptr<std::byte[]>>;

  std::size_t bytes_max_;
  std::size_t used_ = 0;
  std::size_t left_ = 0;
  std::byte* next_ = nullptr;
  std::shared_ptr<Chunks> chunks_;
};

}  // namespace holdpoint::policy::cel
