using System.Runtime.CompilerServices;

namespace GitLabApiClient.Internal;

static class Guard
{
    public static void NotEmpty(string value, [CallerArgumentExpression(nameof(value))] string name = null)
    {
        if (string.IsNullOrEmpty(value))
            throw new ArgumentException($"ArgumentException: {name} string not valid.");
    }

    /// <summary>The package throws <see cref="ArgumentException"/>, not <see cref="ArgumentNullException"/>.</summary>
    public static void NotNull(object value, [CallerArgumentExpression(nameof(value))] string name = null)
    {
        if (value is null)
            throw new ArgumentException($"ArgumentException: {name} is null");
    }
}
