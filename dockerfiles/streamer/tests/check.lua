local check = {}

local function shown(value)
  return type(value) == "string" and #value > 1000 and ("%d characters"):format(#value) or tostring(value)
end

function check.equal(expected, actual)
  if expected ~= actual then error(("expected %s\n     got %s"):format(shown(expected), shown(actual)), 2) end
end

function check.contains(part, text)
  if not tostring(text):find(part, 1, true) then error(("'%s' is not in\n%s"):format(part, tostring(text)), 2) end
end

return check
