using System.Runtime.CompilerServices;

namespace Docker.DotNet.Http;

static class Argument
{
    /// <summary>The package throws <see cref="ArgumentNullException"/> for an empty text too.</summary>
    public static void NotEmpty(string value, [CallerArgumentExpression(nameof(value))] string name = null)
    {
        if (string.IsNullOrEmpty(value))
            throw new ArgumentNullException(name);
    }
}
