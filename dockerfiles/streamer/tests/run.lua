-- Runs all tests: each module of `tests` returns a table from a test's name to its function. A failure fails the build.
local modules = { "config_tests", "licence_tests", "mpegts_tests", "product_tests", "range_tests", "server_tests" }

local passed, failed = 0, 0
for _, module in ipairs(modules) do
  local names, tests = {}, require(module)
  for name in pairs(tests) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    local ok, problem = xpcall(tests[name], debug.traceback)
    if ok then passed = passed + 1 else
      failed = failed + 1
      print(("FAILED %s: %s\n%s"):format(module, name, problem))
    end
  end
end
print(("%d passed, %d failed"):format(passed, failed))
os.exit(failed == 0 and passed > 0)
