// See arena.hpp.
#include "policy/cel/arena.hpp"

#include <algorithm>

namespace holdpoint::policy::cel {

void* Arena::allocate(std::size_t bytes) {
  bytes = (std::max<std::size_t>(bytes, 1) + alignment - 1) / alignment * alignment;
  if (bytes > bytes_max_ || used_ > bytes_max_ - bytes) return nullptr;
  if (bytes > left_) {
    const std::size_t size = std::max(bytes, chunk_bytes);
    if (chunks_ == nullptr) chunks_ = std::make_shared<Chunks>();
    next_ = chunks_->emplace_back(std::make_unique_for_overwrite<std::byte[]>(size)).get();
    left_ = size;
  }
  std::byte* given = next_;
  next_ += bytes;
  left_ -= bytes;
  used_ += bytes;
  return given;
}

std::shared_ptr<const void> Arena::release() {
  left_ = 0;
  next_ = nullptr;
  return std::move(chunks_);
}

}  // namespace holdpoint::policy::cel
