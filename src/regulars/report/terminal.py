def terminal_summary(figures, lang="zh", width=100, color=False): return ""
