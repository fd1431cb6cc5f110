-- SHA-256, FIPS 180-4. Lua's integers have 64 bits, so each sum is truncated to 32.
local function primes(count)
  local found, candidate = {}, 2
  while #found < count do
    local prime = true
    for _, p in ipairs(found) do
      if candidate % p == 0 then prime = false break end
    end
    if prime then found[#found + 1] = candidate end
    candidate = candidate + 1
  end
  return found
end

-- The first 32 bits of the fraction of a prime's root (FIPS 180-4, 4.2.2 and 5.3.3). A double has 53 bits, which is enough.
local function fraction(root) return math.floor((root - math.floor(root)) * 2 ^ 32) end

local K, H = {}, {}
for i, p in ipairs(primes(64)) do
  K[i] = fraction(p ^ (1 / 3))
  if i <= 8 then H[i] = fraction(p ^ (1 / 2)) end
end

local function rotate(x, n) return (x >> n) | (x << (32 - n)) & 0xffffffff end

local function compress(hash, block)
  local w = { string.unpack(">" .. ("I4"):rep(16), block) }
  for i = 17, 64 do
    local a, b = w[i - 15], w[i - 2]
    local s0 = rotate(a, 7) ~ rotate(a, 18) ~ (a >> 3)
    local s1 = rotate(b, 17) ~ rotate(b, 19) ~ (b >> 10)
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) & 0xffffffff
  end
  local a, b, c, d, e, f, g, h = table.unpack(hash)
  for i = 1, 64 do
    local t1 = h + (rotate(e, 6) ~ rotate(e, 11) ~ rotate(e, 25)) + ((e & f) ~ (~e & g)) + K[i] + w[i]
    local t2 = (rotate(a, 2) ~ rotate(a, 13) ~ rotate(a, 22)) + ((a & b) ~ (a & c) ~ (b & c))
    h, g, f, e, d, c, b, a = g, f, e, (d + t1) & 0xffffffff, c, b, a, (t1 + t2) & 0xffffffff
  end
  for i, x in ipairs { a, b, c, d, e, f, g, h } do hash[i] = (hash[i] + x) & 0xffffffff end
end

return function(message)
  local padded = message .. "\x80" .. ("\0"):rep((55 - #message) % 64) .. string.pack(">I8", #message * 8)
  local hash = { table.unpack(H) }
  for at = 1, #padded, 64 do compress(hash, padded:sub(at, at + 63)) end
  return ("%08x"):rep(8):format(table.unpack(hash))
end
