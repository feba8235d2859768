/** Words that say nothing about what is wrong: of the language, and of any system that is watched. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `the of to and or is are was were be been being it its in on at by for from with that this which an as so not no has
have had than then too very more most can may will would should could into out up down over under while because due
after before since when where there their they he she we you your our all any some each other only also again still
about above below between during through per via but if does do did done
alert alerts alerting firing warning critical error errors problem issue incident status state check high low
increased rising cluster main prod production staging default env environment region zone dc system service services
server servers host hosts node nodes instance instances machine pod pods container containers app application
deployment job namespace group team value current minutes minute hours hour seconds last last
告警 报警 警告 异常 故障 错误 问题 状态 当前 持续 超过 分钟 小时 服务 服务器 务器 集群 主机 节点 实例 容器 应用 生产 环境 系统
出现 发生 发现 已经 可能 导致 由于 因为 所以 以及 没有 无法 使用 用率 过高`.split(/\s+/),
);
