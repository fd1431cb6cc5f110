using System.Runtime.CompilerServices;

namespace Nuke.Common;

/// <summary>Conditions that end the target with a message when they do not hold.</summary>
public static class Assert
{
#pragma warning disable CA2201 // the type NUKE throws
    public static void Fail(string message, Exception exception = null) => throw new Exception(message, exception);
#pragma warning restore CA2201

    public static void True(
        bool condition,
        string message = null,
        [CallerArgumentExpression(nameof(condition))] string argumentExpression = null
    )
    {
        if (!condition)
            throw Unexpected(message, "Expected condition to be true", argumentExpression);
    }

    public static void False(
        bool condition,
        string message = null,
        [CallerArgumentExpression(nameof(condition))] string argumentExpression = null
    )
    {
        if (condition)
            throw Unexpected(message, "Expected condition to be false", argumentExpression);
    }

    public static T NotNull<T>(this T obj, string message = null, [CallerArgumentExpression(nameof(obj))] string argumentExpression = null)
        where T : class =>
        obj ?? throw Unexpected(message, $"Expected object of type '{typeof(T).FullName}' to be not null", argumentExpression);

    public static T? NotNull<T>(
        this T? obj,
        string message = null,
        [CallerArgumentExpression(nameof(obj))] string argumentExpression = null
    )
        where T : struct =>
        obj ?? throw Unexpected(message, $"Expected object of type '{typeof(T).FullName}' to be not null", argumentExpression);

    public static string NotNullOrEmpty(
        this string str,
        string message = null,
        [CallerArgumentExpression(nameof(str))] string argumentExpression = null
    ) => string.IsNullOrEmpty(str) ? throw Unexpected(message, "Expected string to be not null or empty", argumentExpression) : str;

    public static string NotNullOrWhiteSpace(
        this string str,
        string message = null,
        [CallerArgumentExpression(nameof(str))] string argumentExpression = null
    ) =>
        string.IsNullOrWhiteSpace(str)
            ? throw Unexpected(message, "Expected string to be not null or whitespace", argumentExpression)
            : str;

    public static void NotEmpty<T>(
        IReadOnlyCollection<T> collection,
        string message = null,
        [CallerArgumentExpression(nameof(collection))] string argumentExpression = null
    )
    {
        if (collection.NotNull(argumentExpression: argumentExpression).Count == 0)
            throw Unexpected(message, "Expected collection to be not empty", argumentExpression);
    }

    public static void Empty<T>(
        IReadOnlyCollection<T> collection,
        string message = null,
        [CallerArgumentExpression(nameof(collection))] string argumentExpression = null
    )
    {
        if (collection.NotNull(argumentExpression: argumentExpression).Count > 0)
            throw Unexpected(message, "Expected collection to be empty", argumentExpression);
    }

    public static void Count<T>(
        IReadOnlyCollection<T> collection,
        int length,
        string message = null,
        [CallerArgumentExpression(nameof(collection))] string argumentExpression = null
    )
    {
        if (collection.NotNull(argumentExpression: argumentExpression).Count != length)
            throw Unexpected(message, $"Expected collection to have length of {length}", argumentExpression);
    }

    public static void HasSingleItem<T>(
        IReadOnlyCollection<T> collection,
        string message = null,
        [CallerArgumentExpression(nameof(collection))] string argumentExpression = null
    ) => Count(collection, length: 1, message, argumentExpression);

    public static void FileExists(
        string path,
        string message = null,
        [CallerArgumentExpression(nameof(path))] string argumentExpression = null
    )
    {
        if (!File.Exists(path))
            throw Unexpected(message, $"Expected file to exist: {path}", argumentExpression);
    }

    public static void DirectoryExists(
        string path,
        string message = null,
        [CallerArgumentExpression(nameof(path))] string argumentExpression = null
    )
    {
        if (!Directory.Exists(path))
            throw Unexpected(message, $"Expected directory to exist: {path}", argumentExpression);
    }

    static ArgumentException Unexpected(string message, string expectation, string expression) =>
        message != null ? new ArgumentException(message) : new ArgumentException(expectation, expression);
}
