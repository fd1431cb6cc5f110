using System.Globalization;

namespace Debyard.Server.Tests.Faults;

/// <summary>
/// The extent of the fault tests, from <c>DEBYARD_FAULTS</c>: how many system calls of each operation to test, at least 4, or <c>all</c>.
/// </summary>
static class Extent
{
    static readonly string? asked = Environment.GetEnvironmentVariable("DEBYARD_FAULTS");

    public static bool IsAll => asked == "all";

    /// <summary>Of each operation's system calls, evenly spread.</summary>
    public static int Calls =>
        asked switch
        {
            null or "" => 10,
            "all" => int.MaxValue,
            var number => int.Parse(number, CultureInfo.InvariantCulture),
        };
}
