-- The Range header of a GET, RFC 9110 section 14.

-- Returns first and last byte (from zero, inclusive) to send of `size`; nil to send the whole file (14.2: for
-- unknown units, bad syntax, and several ranges, which a server may ignore); or false if the range is outside the file (416).
return function(header, size)
  local first, last = (header or ""):lower():match("^%s*bytes%s*=%s*(%d*)%s*%-%s*(%d*)%s*$")
  if not first or (first == "" and last == "") then return nil end
  -- A number with too many digits for an integer is a position beyond any file.
  local function position(digits) return math.tointeger(tonumber(digits)) or math.maxinteger end
  if first == "" then
    local length = position(last)
    if length == 0 or size == 0 then return false end
    return math.max(0, size - length), size - 1
  end
  first = position(first)
  if last ~= "" and position(last) < first then return nil end
  if first >= size then return false end
  return first, last == "" and size - 1 or math.min(position(last), size - 1)
end
