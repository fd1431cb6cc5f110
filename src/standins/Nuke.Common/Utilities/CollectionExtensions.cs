namespace Nuke.Common.Utilities.Collections;

public static class EnumerableExtensions
{
    public static void ForEach<T>(this IEnumerable<T> enumerable, Action<T> action)
    {
        foreach (var item in enumerable)
            action(item);
    }

    public static void ForEach<T>(this IEnumerable<T> enumerable, Action<T, int> action)
    {
        foreach (var (i, item) in enumerable.Index())
            action(item, i);
    }

    public static IEnumerable<T> WhereNotNull<T>(this IEnumerable<T> enumerable)
        where T : class => enumerable.Where(x => x != null);

    public static bool IsEmpty<T>(this IEnumerable<T> enumerable) => !enumerable.Any();

    public static bool IsNullOrEmpty<T>(this IEnumerable<T> enumerable) => enumerable == null || enumerable.IsEmpty();
}

public static class DictionaryExtensions
{
    public static Dictionary<TKey, TValue> AddPair<TKey, TValue>(this Dictionary<TKey, TValue> dictionary, TKey key, TValue value = default)
    {
        dictionary.Add(key, value);
        return dictionary;
    }

    /// <summary>For <see cref="NukeBuild.ReportSummary"/>: values of any type as text.</summary>
    public static Dictionary<TKey, string> AddPair<TKey, TValue>(this Dictionary<TKey, string> dictionary, TKey key, TValue value = default)
    {
        dictionary.Add(key, value.ToString());
        return dictionary;
    }
}
